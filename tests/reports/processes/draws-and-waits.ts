import { createDrawingProcess } from '../../../api/reports/drawing-process.ts'
import { reportOf } from '../fixture.ts'

/** A server to be killed: draws one report, says which process did it, and stays. */
const drawing = createDrawingProcess()
await drawing.draw({ report: reportOf('ru'), format: 'png' })
console.log(drawing.pid())
setInterval(() => {}, 60_000)
