/** Draws pictures of the documentation: a JSON list of graphs in DOT on stdin, a list of SVG on stdout. */
import { instance } from '@viz-js/viz'

const chunks = []
for await (const chunk of process.stdin) chunks.push(chunk)
const viz = await instance()
const drawn = JSON.parse(Buffer.concat(chunks).toString('utf8')).map((graph) => {
  const { status, output, errors } = viz.render(graph, { format: 'svg' })
  if (status === 'success') return output
  throw new Error(errors.map(({ message }) => message).join('\n'))
})
process.stdout.write(JSON.stringify(drawn))
