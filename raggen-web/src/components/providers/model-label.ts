/** A model's name for people: Yandex's addresses without their scheme, folder and "latest". */
export function modelLabel(model: string): string {
  return model.replace(/^gpt:\/\/[^/]+\//, '').replace(/\/latest$/, '')
}
