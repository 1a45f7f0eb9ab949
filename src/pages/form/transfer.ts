import { type Html, html } from '../../words/html.ts'
import type { Language } from '../../words/language.ts'
import { formWords } from './words.ts'

/** What scripts show of an upload: how far it is, and what its beginning tells. Without them nobody sees it. */
export function transferPart(language: Language): Html {
  const words = formWords(language)
  return html`<p class="note" id="begun" hidden></p>
<div id="transfer" hidden><h3 id="transfer-title">${words.transfer}: <span id="transfer-name"></span></h3>
<progress id="transfer-bar" max="1" value="0" aria-labelledby="transfer-title"></progress>
<p class="soft" id="transfer-text"></p>
<p class="buttons"><button type="button" class="plain" id="pause" hidden>${words.live.pause}</button>
<button type="button" class="plain" id="another" hidden>${words.another}</button></p></div>
<div id="contents" hidden><h3>${words.contents}</h3><p class="soft" id="looking" hidden>${words.live.looking}</p>
<dl>${(['version', 'modules', 'postgresql', 'form', 'size'] as const).map(
    (fact) => html`<dt>${words.facts[fact]}</dt><dd id="fact-${fact}">${words.live.unknownYet}</dd>\n`,
  )}</dl></div>
<p class="heard" id="said" role="status"></p>`
}
