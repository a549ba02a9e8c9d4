export default function HomePage() {
  return <main>raggen</main>
}
