// @ts-check
// Makes the form better: the file is dropped and uploaded at once, its beginning tells what it is, and the rest of the form
// asks only for what matters then.

/** @typedef {import('./upload.js').Begun} Begun */
/** @typedef {import('./upload.js').Draft} Draft */

const form = /** @type {HTMLFormElement} */ (document.querySelector('form.order'))
/** @type {Record<string, string>} */
const words = JSON.parse(form.dataset.words ?? '{}')
const language = document.documentElement.lang

/** @template {HTMLElement} T @param {string} id @returns {T} */
const part = (id) => /** @type {T} */ (document.getElementById(id))
/** @type {HTMLInputElement} */
const input = part('file')
/** @type {HTMLInputElement} */
const contract = part('contract')
/** @type {HTMLInputElement} */
const email = part('email')
/** @type {HTMLSelectElement} */
const target = part('target')
/** @type {HTMLInputElement} */
const zone = part('timezone')
const next = /** @type {HTMLButtonElement} */ (part('submit').querySelector('button'))
const allTargets = [...target.options].map((option) => option.value).filter((value) => value !== '')

/** @type {import('./upload.js').Transfer | null} */
let transfer = null
/** @type {Draft | null} */
let draft = null
/** @type {File | null} */
let waiting = null
/** @type {Begun | null} */
let begun = null
let asking = false
/** Contract and e-mail that were refused. */
let refused = ''
let paused = false
let arrived = false
let unsaved = false
/** The tenths of the file that were announced. */
let told = 0
/** @type {ReturnType<typeof setTimeout> | undefined} */
let poll

const modules = import(form.dataset.upload ?? '')

/** @param {string} text @param {Record<string, string | number>} values */
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => String(values[name]))

/** @param {string} text */
function say(text) {
  part('said').textContent = text
}

/** @param {number} bytes */
function bytesIn(bytes) {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte']
  const power = Math.min(4, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const value = bytes / 1000 ** power
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: units[power] ?? 'byte',
    maximumFractionDigits: power === 0 || value >= 10 ? 0 : 1,
  }).format(value)
}

/** @param {number} seconds */
function secondsIn(seconds) {
  const whole = Math.max(1, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`
  return `${Math.floor(whole / 3600)} h ${String(Math.floor(whole / 60) % 60).padStart(2, '0')} min`
}

/** @param {string} field @param {string | null} sentence */
function problem(field, sentence) {
  const text = part(`${field}-error`)
  text.textContent = sentence
  text.hidden = sentence === null
  const control = part(field)
  if (sentence === null) control.removeAttribute('aria-invalid')
  else control.setAttribute('aria-invalid', 'true')
  control.setAttribute(
    'aria-describedby',
    sentence === null ? `${field}-hint` : `${field}-error ${field}-hint`,
  )
}

/** @param {{ field: string | null, sentence: string }[]} problems */
function problems(problems) {
  for (const { field, sentence } of problems) problem(field ?? 'file', sentence)
  const first = problems[0]?.field ?? 'file'
  ;(part(first).matches('fieldset') ? part(`${first}-test`) : part(first)).focus()
}

function wish() {
  const aim = /** @type {HTMLInputElement | null} */ (form.querySelector('[name="aim"]:checked'))
  return { target: target.value, aim: aim?.value ?? 'test', timezone: zone.value.trim() }
}

/** @param {File} file */
async function take(file) {
  const { remembered, isSame, remember } = await modules
  if (transfer || asking) await leave()
  problem('file', null)
  part('transfer').hidden = false
  part('transfer-name').textContent = `${file.name} (${bytesIn(file.size)})`
  const former = /** @type {Begun | null} */ (remembered())
  if (former && isSame(former, file)) {
    draft = former
    begun = former
    await send(file, former.url)
    return
  }
  remember(null)
  part('begun').hidden = true
  part('you').hidden = false
  waiting = file
  refused = ''
  await ask()
}

/** Makes the request that the file is for, as soon as the fields are there that it needs. */
async function ask() {
  const file = waiting
  if (file === null || asking) return
  if (contract.value.trim() === '' || email.value.trim() === '') {
    part('transfer-text').textContent = words.first ?? ''
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
      part('transfer-text').textContent = ''
      refused = contract.value + email.value
      return problems(said.problems)
    }
    draft = said
    waiting = null
    for (const field of [contract, email]) field.readOnly = true
    await send(file, null)
  } catch {
    say(words.lost ?? '')
    part('transfer-text').textContent = words.lost ?? ''
    setTimeout(ask, 3000)
  } finally {
    asking = false
  }
}

/** @param {File} file @param {string | null} url where it was begun before */
async function send(file, url) {
  const { Transfer, remember } = await modules
  // The library is loaded only now.
  await import(form.dataset.tus ?? '')
  if (draft === null) return
  const place = { draft, endpoint: form.dataset.uploads ?? '', url }
  told = 0
  part('begun').hidden = true
  part('contents').hidden = false
  part('looking').hidden = false
  show('size', bytesIn(file.size))
  for (const button of ['pause', 'another']) part(button).hidden = false
  // @ts-expect-error a script of its own, without types
  transfer = new Transfer(window.tus.Upload, file, place, {
    going,
    begun: (/** @type {string} */ at) => {
      const { name, size, lastModified } = file
      if (begun && begun.url !== at && begun.request === draft?.request) say(words.gone ?? '')
      begun = { .../** @type {Draft} */ (draft), name, size, modified: lastModified, url: at, wish: wish() }
      remember(begun)
    },
    lost: () => {
      part('transfer-text').textContent = words.lost ?? ''
      say(words.lost ?? '')
    },
    whole: () => {
      part('transfer-bar').setAttribute('value', '1')
      part('transfer-text').textContent = words.finishing ?? ''
      part('pause').hidden = true
      say(words.finishing ?? '')
    },
    failed,
  })
  transfer?.start()
  say(words.uploading ?? '')
  look()
}

/** @param {number} sent @param {number} total @param {number} speed */
function going(sent, total, speed) {
  if (paused) return
  part('transfer-bar').setAttribute('value', String(sent / total))
  part('transfer-text').textContent = fill(words.going ?? '', {
    done: bytesIn(sent),
    total: bytesIn(total),
    speed: speed > 0 ? bytesIn(speed) : '…',
    left: speed > 0 ? secondsIn((total - sent) / speed) : '…',
  })
  const tenths = Math.floor((sent / total) * 4)
  if (tenths > told && tenths < 4) say(fill(words.said ?? '', { percent: tenths * 25 }))
  told = Math.max(told, tenths)
}

/** @param {string | null} sentence */
async function failed(sentence) {
  const { remember } = await modules
  clearTimeout(poll)
  remember(null)
  part('transfer').hidden = true
  part('contents').hidden = true
  problem('file', sentence ?? words.failed ?? '')
  input.value = ''
  input.focus()
  say('')
  await leave()
}

/** Asks what is known of the file, until it has arrived. */
async function look() {
  clearTimeout(poll)
  if (begun && !paused) {
    try {
      const answer = await fetch(begun.url)
      const state = await answer.json()
      if (state.contents) contents(state.contents)
      if (state.problem) return failed(state.problem)
      if (state.state === 'done') return whole()
    } catch {
      // The upload itself says that the connection is lost.
    }
  }
  poll = setTimeout(look, 700)
}

/** @param {string} fact @param {string | null} value */
function show(fact, value) {
  const cell = part(`fact-${fact}`)
  // What was known stays, also where a later look at it says nothing.
  if (value !== null && cell.textContent !== value) cell.textContent = value
}

/** @param {{ facts: Record<string, string | null>, version: string | null, targets: string[], timezone: boolean }} found */
function contents({ facts, version, targets, timezone }) {
  part('looking').hidden = version !== null
  for (const [fact, value] of Object.entries(facts)) show(fact, value)
  part('zone').hidden = version !== null && !timezone
  if (timezone) /** @type {HTMLDetailsElement} */ (part('zone')).open = true
  if (version === null) return
  const before = target.value
  const options = [...targets].reverse()
  if (
    options.join() !==
    [...target.options]
      .slice(1)
      .map((option) => option.value)
      .join()
  ) {
    for (const option of [...target.options].slice(1)) option.remove()
    for (const series of options) target.append(new Option(series, series))
    target.value = options.includes(before) ? before : options.length === 1 ? (options[0] ?? '') : ''
    part('target-hint').textContent = fill((options.length > 0 ? words.only : words.none) ?? '', { version })
  }
}

async function whole() {
  const { remember } = await modules
  remember(null)
  clearTimeout(poll)
  arrived = true
  part('looking').hidden = true
  for (const cell of document.querySelectorAll('[id^="fact-"]'))
    if (cell.textContent === words.unknownYet) cell.textContent = words.unknown ?? ''
  part('transfer-text').textContent = words.done ?? ''
  say(words.done ?? '')
  next.disabled = false
}

/** Leaves an upload for another: its request is of no use any more. */
async function leave() {
  clearTimeout(poll)
  const former = { transfer, draft, url: begun?.url }
  transfer = draft = begun = waiting = null
  arrived = paused = false
  next.disabled = true
  for (const button of ['pause', 'another']) part(button).hidden = true
  part('pause').textContent = words.pause ?? ''
  for (const field of [contract, email]) field.readOnly = false
  await former.transfer?.stop()
  if (former.url)
    await fetch(former.url, { method: 'DELETE', headers: { 'tus-resumable': '1.0.0' } }).catch(() => {})
  if (former.draft)
    await fetch(`${former.draft.path}/cancel`, { method: 'POST', redirect: 'manual' }).catch(() => {})
}

part('pause').addEventListener('click', async () => {
  paused = !paused
  part('pause').textContent = (paused ? words.resume : words.pause) ?? ''
  part('transfer-text').textContent = (paused ? words.paused : words.uploading) ?? ''
  say(part('transfer-text').textContent ?? '')
  if (paused) await transfer?.pause()
  else transfer?.start()
})

part('another').addEventListener('click', async () => {
  const { remember } = await modules
  remember(null)
  await leave()
  part('transfer').hidden = true
  part('contents').hidden = true
  say('')
  input.value = ''
  input.click()
})

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  if (!arrived || draft === null) return
  const { path } = draft
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
  for (const event of ['change', 'focusout'])
    field.addEventListener(event, () => {
      if (contract.value + email.value === refused) return
      refused = ''
      problem(field.id, null)
      ask()
    })
form.addEventListener('change', async ({ target: changed }) => {
  if (changed instanceof HTMLElement && changed.id === 'target') problem('target', null)
  if (begun) {
    const { remember } = await modules
    begun = { ...begun, wish: wish() }
    if (!arrived) remember(begun)
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
const { remembered, remember } = await modules
const former = /** @type {Begun | null} */ (remembered())
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
    draft = begun = former
    part('you').hidden = true
    part('transfer').hidden = false
    part('transfer-name').textContent = former.name
    part('transfer-bar').setAttribute('value', '1')
    look()
  } else if (state) remember(null)
}

// Makes a module of it.
export {}
