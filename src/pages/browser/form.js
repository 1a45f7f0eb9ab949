// @ts-check
// Makes the form better: the file is dropped and uploaded at once, its beginning tells what it is, and the rest of the form
// asks only for what matters then.

import { contract, email, input, problem, problems, target, wish, zone } from './fields.js'
import { changed, leave, look, next, order, pause, take } from './order.js'
import { fill, form, part, say, words } from './parts.js'
import { bar, name } from './progress.js'
import { forgetUpload, remember, remembered } from './upload.js'

let unsaved = false

part('pause').addEventListener('click', pause)

part('another').addEventListener('click', async () => {
  await leave()
  part('transfer').hidden = true
  part('contents').hidden = true
  say('')
  input.value = ''
  input.click()
})

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  if (!order.arrived || order.draft === null) return
  const { path } = order.draft
  problem('target', null)
  if (target.value === '' && !unsaved)
    return problems([{ field: 'target', sentence: words.chooseTarget ?? '' }])
  next.disabled = true
  say(words.save ?? '')
  const saved = unsaved
    ? true
    : await fetch(`${path}/amend`, { method: 'POST', redirect: 'manual', body: new URLSearchParams(wish()) })
        .then((answer) => answer.type === 'opaqueredirect')
        .catch(() => false)
  if (saved) return location.assign(`${path}/status`)
  unsaved = true
  next.disabled = false
  problem('target', words.notSaved ?? '')
})

for (const field of [contract, email])
  for (const event of ['change', 'focusout']) field.addEventListener(event, () => changed(field))
form.addEventListener('change', ({ target: field }) => {
  if (field instanceof HTMLElement && field.id === 'target') problem('target', null)
  if (order.begun) {
    order.begun = { ...order.begun, wish: wish() }
    if (!order.arrived) remember(order.begun)
  }
})
input.addEventListener('change', () => {
  const [file] = input.files ?? []
  if (file) take(file)
})

// Everywhere, so that a file that is dropped beside the place does not take the page away.
addEventListener('dragover', (event) => {
  event.preventDefault()
  part('drop').classList.toggle('over', event.target instanceof Node && part('drop').contains(event.target))
})
addEventListener('dragleave', () => part('drop').classList.remove('over'))
addEventListener('drop', (event) => {
  event.preventDefault()
  part('drop').classList.remove('over')
  const [file] = event.dataTransfer?.files ?? []
  if (file && event.target instanceof Node && part('drop').contains(event.target)) take(file)
})

form.noValidate = true
part('wish').before(part('database'))
for (const label of document.querySelectorAll('.drop-label')) label.removeAttribute('hidden')
for (const label of document.querySelectorAll('.plain-label')) label.setAttribute('hidden', '')
next.textContent = words.next ?? ''
next.disabled = true
const hint = part('submit').querySelector('.hint')
if (hint) hint.textContent = words.nextHint ?? ''

// An upload that a former visit began.
const former = await remembered()
if (former) {
  const state = await fetch(former.url)
    .then((answer) => answer.json())
    .catch(() => null)
  if (state?.state === 'open') {
    part('begun').textContent = fill(words.begun ?? '', {
      name: former.name,
      percent: Math.floor((state.bytes / state.size) * 100),
    })
    part('begun').hidden = false
    part('you').hidden = true
    target.value = former.wish.target ?? ''
    zone.value = former.wish.timezone ?? ''
    /** @type {HTMLInputElement} */
    const aim = part(former.wish.aim === 'production' ? 'aim-production' : 'aim-test')
    aim.checked = true
  } else if (state?.state === 'checking' || state?.state === 'done') {
    order.draft = order.begun = former
    part('you').hidden = true
    name(former.name)
    bar(1)
    look()
  } else if (state) forgetUpload(former.url)
}
