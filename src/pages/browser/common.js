// @ts-check
// What every page does: copies commands, and says times in the reader's own time zone.

for (const button of document.querySelectorAll('button[data-copy]')) {
  button.removeAttribute('hidden')
  button.addEventListener('click', async () => {
    const source = document.getElementById(button.getAttribute('data-copy') ?? '')
    if (!source) return
    if (!(await copied(source))) return
    const before = button.textContent
    button.textContent = button.getAttribute('data-copied')
    setTimeout(() => {
      button.textContent = before
    }, 2000)
  })
}

/** Copies what an element says. Only pages at a safe address may write; elsewhere it is selected and copied as by hand. @param {Element} source */
async function copied(source) {
  if (navigator.clipboard)
    return navigator.clipboard.writeText(source.textContent ?? '').then(
      () => true,
      () => false,
    )
  getSelection()?.selectAllChildren(source)
  return document.execCommand('copy')
}

/** Says times in the reader's own zone; in a log to the second and with the zone. @param {ParentNode} root */
export function sayTimes(root) {
  for (const time of root.querySelectorAll('time[datetime]')) {
    const at = new Date(time.getAttribute('datetime') ?? '')
    if (Number.isNaN(at.getTime())) continue
    time.textContent = at.toLocaleString(
      document.documentElement.lang,
      time.closest('.log')
        ? { dateStyle: 'short', timeStyle: 'long' }
        : { dateStyle: 'medium', timeStyle: 'short' },
    )
  }
}

sayTimes(document)
