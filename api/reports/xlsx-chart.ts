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
  readonly categories: { readonly range: string; readonly names: readonly string[] }
  readonly series: readonly ChartSeries[]
  /** Ink of the words. */
  readonly ink: string
}

const namespaces =
  'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" ' +
  'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'

/**
 * A native stacked bar chart (ECMA-376, part 1, 21.2) whose series are cells: who edits them moves the bars. The first category stands on top, as
 * in the funnel; nothing is drawn for a zero.
 */
export function barChartXml(chart: BarChart): string {
  const axes = '<c:axId val="111111111"/><c:axId val="222222222"/>'
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<c:chartSpace ${namespaces}><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/><c:barChart><c:barDir val="bar"/><c:grouping val="stacked"/><c:varyColors val="0"/>${chart.series
    .map((series, index) => seriesXml(chart, series, index))
    .join(
      '',
    )}<c:gapWidth val="45"/><c:overlap val="100"/>${axes}</c:barChart>${categoryAxis(chart.ink)}${valueAxis}<c:spPr><a:noFill/></c:spPr></c:plotArea><c:legend><c:legendPos val="t"/><c:overlay val="0"/>${words(chart.ink, 1000)}</c:legend><c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart><c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr></c:chartSpace>`
}

function seriesXml({ sheet, categories }: BarChart, { name, values, look }: ChartSeries, index: number): string {
  const names = categories.names.map((text, at) => `<c:pt idx="${at}"><c:v>${escapeXml(text)}</c:v></c:pt>`).join('')
  const figures = values.figures.map((figure, at) => `<c:pt idx="${at}"><c:v>${figure}</c:v></c:pt>`).join('')
  return [
    `<c:ser><c:idx val="${index}"/><c:order val="${index}"/>`,
    `<c:tx><c:strRef><c:f>${reference(sheet, name.cell)}</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>${escapeXml(name.text)}</c:v></c:pt></c:strCache></c:strRef></c:tx>`,
    shapeXml(look),
    '<c:invertIfNegative val="0"/>',
    `<c:dLbls><c:numFmt formatCode="#,##0;;" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>${words(look.label, 900)}<c:dLblPos val="ctr"/><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>`,
    `<c:cat><c:strRef><c:f>${reference(sheet, categories.range)}</c:f><c:strCache><c:ptCount val="${categories.names.length}"/>${names}</c:strCache></c:strRef></c:cat>`,
    `<c:val><c:numRef><c:f>${reference(sheet, values.range)}</c:f><c:numCache><c:formatCode>#,##0</c:formatCode><c:ptCount val="${values.figures.length}"/>${figures}</c:numCache></c:numRef></c:val>`,
    '</c:ser>',
  ].join('')
}

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

function categoryAxis(ink: string): string {
  return `<c:catAx><c:axId val="111111111"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/><c:axPos val="l"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>${words(ink, 1000)}<c:crossAx val="222222222"/><c:crosses val="autoZero"/><c:auto val="1"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="0"/></c:catAx>`
}

/** Without lines: the figures stand in the bars. */
const valueAxis =
  '<c:valAx><c:axId val="222222222"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling><c:delete val="1"/><c:axPos val="t"/><c:numFmt formatCode="#,##0" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="111111111"/><c:crosses val="autoZero"/><c:crossBetween val="between"/></c:valAx>'

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
