import { escapeXml } from './xlsx-xml.ts'

/** A row of bars: where its name and its figures stand in a sheet, and what they are now, for programs that do not calculate. */
export type ChartSeries = {
  readonly name: { readonly cell: string; readonly text: string }
  readonly values: { readonly range: string; readonly figures: readonly number[] }
  readonly look: SeriesLook
}
export type SeriesLook = { readonly fill: string; readonly line: string; readonly label: string; readonly hatched?: true }

export type BarChart = {
  /** Name of the sheet that every reference leads to. */
  readonly sheet: string
  readonly title: string
  readonly categories: { readonly range: string; readonly names: readonly string[] }
  readonly series: readonly ChartSeries[]
  /** What the bars add up to, written at their ends; null where the one part of a bar is the whole. */
  readonly total: ChartSeries['values'] | null
  /** Ink of the words. */
  readonly ink: string
}

/** A part shorter than this share of the longest bar has no room for its figure. */
const leastLabelled = 0.06

const namespaces =
  'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" ' +
  'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'

/**
 * A native stacked bar chart (ECMA-376, part 1, 21.2) whose series are cells: who edits them moves the bars. The first category stands on top, as
 * in the funnel; nothing is drawn for a zero. The totals are bars without ink over the stacked ones, on axes of their own that are not drawn:
 * a stacked bar has no other place for a figure at its end.
 */
export function barChartXml(chart: BarChart): string {
  const { series, total, ink } = chart
  const largest = Math.max(0, ...series.map(({ values }) => values.figures).reduce(addUp, []))
  const shown = labelFormat(largest * leastLabelled)
  // Alone, a part is the whole: its figure stands at the end of the bar.
  const own = total === null ? endLabels(ink) : null
  const parts = series.map((one, index) => seriesXml(chart, one, index, own ?? labels(one.look.label, shown, 'ctr'))).join('')
  const sum = total && seriesXml(chart, { name: null, values: total, look: null }, series.length, endLabels(ink))
  const stacked = `<c:barChart><c:barDir val="bar"/><c:grouping val="${total === null ? 'clustered' : 'stacked'}"/><c:varyColors val="0"/>${parts}<c:gapWidth val="45"/>${total === null ? '' : '<c:overlap val="100"/>'}${axisIds(firstAxes)}</c:barChart>`
  const totals = sum
    ? `<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>${sum}<c:gapWidth val="45"/>${axisIds(secondAxes)}</c:barChart>`
    : ''
  const axes = axesXml(firstAxes, ink, false) + (sum ? axesXml(secondAxes, ink, true) : '')
  const legend = total === null ? '' : `<c:legend><c:legendPos val="b"/><c:overlay val="0"/>${words(ink, 1000)}</c:legend>`
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<c:chartSpace ${namespaces}><c:roundedCorners val="0"/><c:chart>${titleXml(chart)}<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>${stacked}${totals}${axes}<c:spPr><a:noFill/></c:spPr></c:plotArea>${legend}<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart><c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr></c:chartSpace>`
}

function addUp(sums: readonly number[], figures: readonly number[]): number[] {
  return figures.map((figure, index) => figure + (sums[index] ?? 0))
}

function titleXml({ title, ink }: BarChart): string {
  const look = `sz="1300" b="1"><a:solidFill><a:srgbClr val="${ink}"/></a:solidFill>`
  return `<c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr ${look}</a:defRPr></a:pPr><a:r><a:rPr lang="en-US" ${look}</a:rPr><a:t>${escapeXml(title)}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>`
}

/** No figure for nothing, nor where the part is too short for it: a format, so that it holds for what is written into the cells later too. */
function labelFormat(least: number): string {
  return `[<${Math.max(1, Math.ceil(least))}]"";#,##0`
}

function endLabels(ink: string): string {
  return labels(ink, labelFormat(0), 'outEnd')
}

function labels(colour: string, format: string, place: 'ctr' | 'outEnd'): string {
  return `<c:dLbls><c:numFmt formatCode="${escapeXml(format)}" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>${words(colour, 900)}<c:dLblPos val="${place}"/><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>`
}

/** What has no ink has no name either: nothing of it is seen in the legend, whichever program draws it. */
type DrawnSeries = { readonly [K in keyof ChartSeries]: K extends 'values' ? ChartSeries[K] : ChartSeries[K] | null }

function seriesXml({ sheet, categories }: BarChart, { name, values, look }: DrawnSeries, index: number, shown: string): string {
  const names = categories.names.map((text, at) => `<c:pt idx="${at}"><c:v>${escapeXml(text)}</c:v></c:pt>`).join('')
  const figures = values.figures.map((figure, at) => `<c:pt idx="${at}"><c:v>${figure}</c:v></c:pt>`).join('')
  return [
    `<c:ser><c:idx val="${index}"/><c:order val="${index}"/>`,
    nameXml(sheet, name),
    look === null ? noInk : shapeXml(look),
    '<c:invertIfNegative val="0"/>',
    shown,
    `<c:cat><c:strRef><c:f>${reference(sheet, categories.range)}</c:f><c:strCache><c:ptCount val="${categories.names.length}"/>${names}</c:strCache></c:strRef></c:cat>`,
    `<c:val><c:numRef><c:f>${reference(sheet, values.range)}</c:f><c:numCache><c:formatCode>#,##0</c:formatCode><c:ptCount val="${values.figures.length}"/>${figures}</c:numCache></c:numRef></c:val>`,
    '</c:ser>',
  ].join('')
}

function nameXml(sheet: string, name: ChartSeries['name'] | null): string {
  if (name === null) return '<c:tx><c:v> </c:v></c:tx>'
  return `<c:tx><c:strRef><c:f>${reference(sheet, name.cell)}</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>${escapeXml(name.text)}</c:v></c:pt></c:strCache></c:strRef></c:tx>`
}

const noInk = '<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'

/** Hatched where it must be told apart without colour. */
function shapeXml({ fill, line, hatched }: SeriesLook): string {
  const colour = (hex: string) => `<a:srgbClr val="${hex}"/>`
  const inside = hatched
    ? `<a:pattFill prst="wdUpDiag"><a:fgClr>${colour(fill)}</a:fgClr><a:bgClr>${colour('FFFFFF')}</a:bgClr></a:pattFill>`
    : `<a:solidFill>${colour(fill)}</a:solidFill>`
  return `<c:spPr>${inside}<a:ln w="9525"><a:solidFill>${colour(line)}</a:solidFill></a:ln></c:spPr>`
}

function words(colour: string, size: number): string {
  return `<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="${size}"><a:solidFill><a:srgbClr val="${colour}"/></a:solidFill></a:defRPr></a:pPr><a:endParaRPr lang="en-US"/></a:p></c:txPr>`
}

type Axes = { readonly category: number; readonly value: number }
const firstAxes: Axes = { category: 111111111, value: 222222222 }
const secondAxes: Axes = { category: 333333333, value: 444444444 }

function axisIds({ category, value }: Axes): string {
  return `<c:axId val="${category}"/><c:axId val="${value}"/>`
}

/** Without lines: the figures stand in the bars. Both pairs begin at 0 and end by the same longest bar. */
function axesXml({ category, value }: Axes, ink: string, isHidden: boolean): string {
  const ticks = '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
  return [
    `<c:catAx><c:axId val="${category}"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="${isHidden ? 1 : 0}"/><c:axPos val="l"/><c:numFmt formatCode="General" sourceLinked="0"/>${ticks}<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>${words(ink, 1000)}<c:crossAx val="${value}"/><c:crosses val="autoZero"/><c:auto val="1"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="0"/></c:catAx>`,
    `<c:valAx><c:axId val="${value}"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling><c:delete val="1"/><c:axPos val="t"/><c:numFmt formatCode="#,##0" sourceLinked="0"/>${ticks}<c:crossAx val="${category}"/><c:crosses val="autoZero"/><c:crossBetween val="between"/></c:valAx>`,
  ].join('')
}

function reference(sheet: string, range: string): string {
  return escapeXml(`'${sheet.replaceAll("'", "''")}'!${range}`)
}

/** Where a chart lies, in cells counted from 0, and what it is called to who does not see it. */
export type ChartPlace = {
  readonly from: { readonly column: number; readonly row: number }
  readonly to: { readonly column: number; readonly row: number }
  readonly name: string
  readonly description: string
}

/** A drawing with one chart, which is its relation `rId1`. */
export function drawingXml({ from, to, name, description }: ChartPlace): string {
  const corner = (tag: string, { column, row }: ChartPlace['from']) =>
    `<xdr:${tag}><xdr:col>${column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>${row}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:${tag}>`
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:twoCellAnchor>${corner('from', from)}${corner('to', to)}<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="${escapeXml(name)}" descr="${escapeXml(description)}"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId1"/></a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>`
}
