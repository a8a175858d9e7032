import type { ReportOrder } from '../../../db/entities/report.ts'
import { reportText } from '../../reports/funnel-report.ts'
import type { Letter } from './deliver-reports.ts'

/** The words of a letter: what the sender wrote, the funnel in one sentence, and who has it sent. */
export function letterOf(order: ReportOrder): Pick<Letter, 'subject' | 'text' | 'html'> {
  const t = reportText[order.locale]
  const parts = [
    ...(order.message === '' ? [] : [order.message]),
    order.sentence,
    t('mail.attached', { title: order.title }),
    order.schedule === null ? t('mail.by', { name: order.employee.name }) : t('mail.bySchedule', { name: order.employee.name }),
  ]
  const html = parts.map((part, index) => `<p${index === parts.length - 1 ? ' style="color:#626b7b"' : ''}>${htmlOf(part)}</p>`)
  return {
    // Line ends would begin another header.
    subject: order.title.replace(/[\r\n]+/g, ' '),
    text: `${parts.join('\n\n')}\n`,
    html: `<!doctype html><html lang="${order.locale}"><body style="font:15px/1.4 system-ui,sans-serif;color:#13161d">${html.join('')}</body></html>`,
  }
}

function htmlOf(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`).replaceAll('\n', '<br>')
}
