/** Colour theme: follows the system unless the person chose. Kept in this browser; `app.html` applies it before the first paint. */
export type Theme = 'system' | 'light' | 'dark'

const storageKey = 'voronka.theme'

function storedTheme(): Theme {
  const value = localStorage.getItem(storageKey)
  return value === 'light' || value === 'dark' ? value : 'system'
}

let chosen = $state<Theme>(storedTheme())
const systemDark = matchMedia('(prefers-color-scheme: dark)')
let systemIsDark = $state(systemDark.matches)
systemDark.addEventListener('change', (event) => {
  systemIsDark = event.matches
  paintBrowserBar()
})

/** Colours of the page and of the browser's own bar. */
function paintBrowserBar(): void {
  const root = document.documentElement
  if (chosen === 'system') delete root.dataset['theme']
  else root.dataset['theme'] = chosen
  document.querySelector('meta[name=theme-color]')?.setAttribute('content', theme.isDark ? '#0D0F13' : '#F5F6F8')
}

export const theme = {
  get chosen(): Theme {
    return chosen
  },
  get isDark(): boolean {
    return chosen === 'dark' || (chosen === 'system' && systemIsDark)
  },
  choose(next: Theme): void {
    chosen = next
    if (next === 'system') localStorage.removeItem(storageKey)
    else localStorage.setItem(storageKey, next)
    paintBrowserBar()
  },
}
