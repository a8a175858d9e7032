/** The bar of the past. Seldom looked at: it comes, texts and all, only then. */
export async function loadPast() {
  const [{ default: PastBar }, { travelMessages }] = await Promise.all([
    import('../travel/PastBar.svelte'),
    import('../travel/messages.ts'),
  ])
  await travelMessages.ready()
  return PastBar
}
