// @ts-check
// The file that is uploaded and the request that it is for: made as soon as the fields for it are there, looked at until the
// file has arrived, and left when another is taken.

import { contents, forget, known, nothingMore, show } from './contents.js'
import { allTargets, contract, email, input, problem, problems, wish } from './fields.js'
import { form, part, say, words } from './parts.js'
import { announce, bar, going, name, tell } from './progress.js'
import { bytesIn } from './quantities.js'
import { forgetUpload, hold, isSame, remember, remembered, Transfer } from './upload.js'

/** @typedef {import('./upload.js').Begun} Begun */
/** @typedef {import('./upload.js').Draft} Draft */

export const next = /** @type {HTMLButtonElement} */ (part('submit').querySelector('button'))

export const order = {
  /** @type {Draft | null} */
  draft: null,
  /** @type {Begun | null} */
  begun: null,
  arrived: false,
}
/** @type {Transfer | null} */
let transfer = null
/** @type {File | null} */
let waiting = null
let asking = false
/** Contract and e-mail that were refused. */
let refused = ''
let paused = false
/** @type {ReturnType<typeof setTimeout> | undefined} */
let poll

/** @param {File} file */
export async function take(file) {
  if (transfer || asking) await leave()
  problem('file', null)
  forget()
  name(`${file.name} (${bytesIn(file.size)})`)
  const former = await remembered()
  if (former && isSame(former, file)) {
    order.draft = order.begun = former
    await send(file, former.url)
    return
  }
  if (former) cancel(former, former.url)
  part('begun').hidden = true
  part('you').hidden = false
  waiting = file
  refused = ''
  await ask()
}

/** Asks again when a field is another than the one that was refused. @param {HTMLInputElement} field */
export function changed(field) {
  if (contract.value + email.value === refused) return
  refused = ''
  problem(field.id, null)
  ask()
}

/** Makes the request that the file is for, as soon as the fields are there that it needs. */
async function ask() {
  const file = waiting
  if (file === null || asking) return
  if (contract.value.trim() === '' || email.value.trim() === '') {
    tell(words.first ?? '')
    const empty = contract.value.trim() === '' ? contract : email
    if (!form.contains(document.activeElement) || document.activeElement === input) empty.focus()
    return
  }
  asking = true
  const { target: wanted, ...rest } = wish()
  const fields = {
    ...rest,
    target: wanted || (allTargets[0] ?? ''),
    filename: file.name,
    contract: contract.value,
    email: email.value,
  }
  try {
    const answer = await fetch(form.action, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams(fields),
    })
    const said = await answer.json()
    if (waiting !== file) return
    if (said.problems) {
      tell('')
      refused = contract.value + email.value
      return problems(said.problems)
    }
    order.draft = said
    waiting = null
    for (const field of [contract, email]) field.readOnly = true
    await send(file, null)
  } catch {
    announce(words.lost ?? '')
    setTimeout(ask, 3000)
  } finally {
    asking = false
  }
}

/** @param {File} file @param {string | null} url where it was begun before */
async function send(file, url) {
  // The library is loaded only now.
  // @ts-expect-error a package's own file, which is served beside this one
  await import('./tus.js')
  const { draft } = order
  if (draft === null) return
  part('begun').hidden = true
  part('contents').hidden = false
  part('looking').hidden = false
  show('size', bytesIn(file.size))
  for (const button of ['pause', 'another']) part(button).hidden = false
  const place = { draft, endpoint: form.dataset.uploads ?? '', url }
  // @ts-expect-error a script of its own, without types
  transfer = new Transfer(window.tus.Upload, file, place, {
    going: (sent, total, speed) => {
      if (!paused) going(sent, total, speed)
    },
    begun: (at) => {
      const { name, size, lastModified } = file
      const former = order.begun
      if (former && former.url !== at && former.request === draft.request) say(words.gone ?? '')
      order.begun = { ...draft, name, size, modified: lastModified, url: at, wish: wish() }
      remember(order.begun)
      hold(at)
    },
    lost: (sentence) => announce(sentence ?? words.lost ?? ''),
    whole: () => {
      bar(1)
      announce(words.finishing ?? '')
      part('pause').hidden = true
    },
    failed,
  })
  transfer.start()
  say(words.uploading ?? '')
  look()
}

/** @param {string | null} sentence */
async function failed(sentence) {
  clearTimeout(poll)
  forgetUpload(order.begun?.url)
  part('transfer').hidden = true
  part('contents').hidden = true
  problem('file', sentence ?? words.failed ?? '')
  input.value = ''
  input.focus()
  say('')
  await leave()
}

/** Asks what is known of the file, until it has arrived. */
export async function look() {
  clearTimeout(poll)
  if (order.begun && !paused) {
    try {
      const { url } = order.begun
      const answer = await fetch(url)
      const state = await answer.json()
      // Meanwhile it may have been left for another.
      if (order.begun?.url !== url) return
      if (state.contents) contents(state.contents)
      if (state.problem) return failed(state.problem)
      if (state.state === 'done') return whole()
    } catch {
      // The upload itself says that the connection is lost.
    }
  }
  poll = setTimeout(look, 700)
}

function whole() {
  forgetUpload(order.begun?.url)
  hold(null)
  clearTimeout(poll)
  order.arrived = true
  nothingMore()
  announce((known.way ? words.done : words.noWay) ?? '')
  next.disabled = !known.way
}

/** Leaves an upload for another: its request is of no use any more. */
export async function leave() {
  clearTimeout(poll)
  const former = { transfer, draft: order.draft, url: order.begun?.url }
  transfer = waiting = order.draft = order.begun = null
  order.arrived = paused = false
  next.disabled = true
  for (const button of ['pause', 'another']) part(button).hidden = true
  part('pause').textContent = words.pause ?? ''
  for (const field of [contract, email]) field.readOnly = false
  hold(null)
  await former.transfer?.stop()
  await cancel(former.draft, former.url)
}

/** Gives up an upload and the request that it was for. @param {Draft | null} draft @param {string | undefined} url */
async function cancel(draft, url) {
  forgetUpload(url)
  if (url) await fetch(url, { method: 'DELETE', headers: { 'tus-resumable': '1.0.0' } }).catch(() => {})
  if (draft) await fetch(`${draft.path}/cancel`, { method: 'POST', redirect: 'manual' }).catch(() => {})
}

/** Pauses the upload, or goes on with it. */
export async function pause() {
  paused = !paused
  part('pause').textContent = (paused ? words.resume : words.pause) ?? ''
  announce((paused ? words.paused : words.uploading) ?? '')
  if (paused) await transfer?.pause()
  else transfer?.start()
}
