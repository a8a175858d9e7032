import { formatDate, formatDateTime } from '../../shared/messages/format.ts'
import type { Locale } from '../../shared/views/common.ts'
import { reportText } from '../reports/funnel-report.ts'
import type { OpenShare } from '../usecases/reports/share-report.ts'

/** Colours and measures of design/look, without what a page of one card does not need. */
const style = `:root{color-scheme:light dark;--bg:#f5f6f8;--surface:#fff;--line:#e2e5ea;--ink:#13161d;--ink-2:#474e5d;--ink-3:#626b7b;--accent:#3049c9;--on:#fff}
@media(prefers-color-scheme:dark){:root{--bg:#0d0f13;--surface:#16191f;--line:#2b303a;--ink:#eceef2;--ink-2:#b7beca;--ink-3:#949dad;--accent:#94a6ff;--on:#0d0f13}}
*{box-sizing:border-box;margin:0}body{background:var(--bg);color:var(--ink);font:15px/20px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;padding:16px;overflow-wrap:anywhere}
main{max-width:640px;margin:0 auto;display:grid;gap:12px}header{display:flex;align-items:center;gap:10px;color:var(--ink-2);padding:4px 0}
h1{font-size:22px;line-height:28px;font-weight:600}.card{background:var(--surface);border-radius:14px;padding:16px;display:grid;gap:12px}
.say{border:1.5px solid var(--line);border-radius:10px;padding:12px 14px}img{display:block;width:100%;height:auto;border-radius:10px;background:#fff}
.go{display:flex;align-items:center;justify-content:center;min-height:48px;border-radius:10px;background:var(--accent);color:var(--on);font-weight:600;text-decoration:none;padding:8px 16px}
.go:focus-visible{outline:3px solid var(--accent);outline-offset:2px}.small{font-size:13px;line-height:18px;color:var(--ink-2)}`

const logo =
  '<svg width="28" height="28" viewBox="0 0 40 40" aria-hidden="true"><rect width="40" height="40" rx="10" fill="var(--accent)"/><g fill="var(--on)"><rect x="9" y="10" width="22" height="4.6" rx="1.5"/><rect x="9" y="17.7" width="14.5" height="4.6" rx="1.5"/><rect x="9" y="25.4" width="7.5" height="4.6" rx="1.5"/></g></svg>'

/** The page behind a link: one report, its picture, and the file to take away. @param address of the page, without a slash at the end */
export function sharedPage(share: OpenShare, address: string): string {
  const t = reportText[share.locale]
  const { locale, timeZone } = share
  const at = formatDateTime(share.asOf.toISOString(), timeZone, locale)
  const until = formatDate(share.expiresAt.toISOString(), timeZone, locale)
  const notes = [
    t('share.asOf', { at }),
    t('share.by', { name: share.ownerName, organization: share.organizationName }),
    t('share.until', { day: until }),
  ]
  return page(locale, share.title, [
    `<section class="card"><h1>${escapeHtml(share.title)}</h1><p class="say">${escapeHtml(share.sentence)}</p>`,
    `<img src="${address}/picture" alt="${escapeHtml(t('share.picture', { sentence: share.sentence }))}">`,
    `<a class="go" href="${address}/file" download>${escapeHtml(t(`share.download.${share.format}`))}</a>`,
    ...notes.map((note) => `<p class="small">${escapeHtml(note)}</p>`),
    '</section>',
  ])
}

/** The page where there is nothing to be shown. */
export function noReportPage(locale: Locale, why: 'ended' | 'unknown' | 'tooMany' | 'broken'): string {
  const t = reportText[locale]
  const title = t(`share.${why}`)
  return page(locale, title, [
    `<section class="card"><h1>${escapeHtml(title)}</h1><p>${escapeHtml(t(`share.${why}Text`))}</p></section>`,
  ])
}

function page(locale: Locale, title: string, parts: readonly string[]): string {
  const product = reportText[locale]('product')
  return `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex,nofollow"><title>${escapeHtml(title)} · ${product}</title><style>${style}</style></head>
<body><main><header>${logo}<b>${product}</b></header>${parts.join('\n')}</main></body></html>`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
