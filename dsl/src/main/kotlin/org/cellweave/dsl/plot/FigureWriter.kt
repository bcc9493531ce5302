package org.cellweave.dsl.plot

import org.apache.batik.transcoder.SVGAbstractTranscoder
import org.apache.batik.transcoder.Transcoder
import org.apache.batik.transcoder.TranscoderInput
import org.apache.batik.transcoder.TranscoderOutput
import org.apache.batik.transcoder.image.ImageTranscoder
import org.apache.batik.transcoder.image.PNGTranscoder
import org.apache.fop.svg.PDFTranscoder
import org.cellweave.io.file.ReplacedFile
import org.jetbrains.letsPlot.awt.util.RGBEncoderAwt
import org.jetbrains.letsPlot.core.util.PlotSvgExportCommon
import java.io.OutputStream
import java.io.StringReader
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/** Turns a specification into the bytes of a file. */
internal object FigureWriter {
    val ENDINGS = listOf("svg", "png", "html", "pdf")
    private const val LAST_OF_LATIN_1 = '\u00ff'

    /** Neither Lets-Plot nor Batik nor FOP may be entered by two threads at once: they share fonts and caches. */
    private val drawing = ReentrantLock()

    /** @param shown how much larger the picture is than its own coordinates */
    fun svg(spec: Spec, width: Int, height: Int, look: Look, shown: Double = 1.0): String =
        SvgText(width, height, shown, look.backdrop).tidied(raw(spec))

    /** As the library draws it. */
    fun raw(spec: Spec): String =
        drawing.withLock {
            PlotSvgExportCommon.buildSvgImageFromRawSpecs(ShownText.cleaned(spec), null, RGBEncoderAwt(), false)
        }

    /** @param scale pixels of the picture per pixel of the figure */
    fun png(svg: String, width: Int, scale: Double, look: Look, out: OutputStream) {
        val transcoder = PNGTranscoder()
        transcoder.addTranscodingHint(SVGAbstractTranscoder.KEY_WIDTH, (scale * width).toFloat())
        look.backdrop?.let {
            transcoder.addTranscodingHint(ImageTranscoder.KEY_BACKGROUND_COLOR, java.awt.Color.decode(it))
        }
        transcode(transcoder, svg, out)
    }

    /** Text stays text, in one of the fonts that every viewer has; with letters that those lack it is drawn. */
    fun pdf(svg: String, out: OutputStream) {
        val transcoder = PDFTranscoder()
        transcoder.addTranscodingHint(PDFTranscoder.KEY_STROKE_TEXT, svg.any { it > LAST_OF_LATIN_1 })
        transcoder.addTranscodingHint(PDFTranscoder.KEY_AUTO_FONTS, false)
        transcode(transcoder, svg, out)
    }

    private fun transcode(transcoder: Transcoder, svg: String, out: OutputStream) {
        val plain = svg.replaceFirst(SvgText.SHRINKS, "")
        drawing.withLock { transcoder.transcode(TranscoderInput(StringReader(plain)), TranscoderOutput(out)) }
    }

    /** Makes the folder and replaces the file as [ReplacedFile] says. */
    fun atomically(target: Path, write: (OutputStream) -> Unit) {
        Files.createDirectories(target.toAbsolutePath().parent)
        ReplacedFile.write(target) { write(it) }
    }
}
