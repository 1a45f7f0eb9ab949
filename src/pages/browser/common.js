// @ts-check
// What every page does: copies commands, and says times in the reader's own time zone.

for (const button of document.querySelectorAll('button[data-copy]')) {
  button.removeAttribute('hidden')
  button.addEventListener('click', async () => {
    const source = document.getElementById(button.getAttribute('data-copy') ?? '')
    if (!source) return
    await navigator.clipboard.writeText(source.textContent ?? '')
    const before = button.textContent
    button.textContent = button.getAttribute('data-copied')
    setTimeout(() => {
      button.textContent = before
    }, 2000)
  })
}

for (const time of document.querySelectorAll('time[datetime]')) {
  const at = new Date(time.getAttribute('datetime') ?? '')
  if (Number.isNaN(at.getTime())) continue
  time.textContent = at.toLocaleString(document.documentElement.lang, {
    dateStyle: 'medium',
    timeStyle: 'short',
  })
}
