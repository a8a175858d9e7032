const box = document.getElementById('toast')
const SHOWN_MS = 3500
const FADE_MS = 300
let timer

/** Shows a short notice; a new one takes the place of the old. */
export function toast(text) {
  clearTimeout(timer)
  box.textContent = text
  box.classList.add('shown')
  timer = setTimeout(() => {
    box.classList.remove('shown')
    timer = setTimeout(() => box.replaceChildren(), FADE_MS)
  }, SHOWN_MS)
}
