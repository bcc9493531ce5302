package org.cellweave.dsl.plot

import org.apache.batik.transcoder.SVGAbstractTranscoder
import org.apache.batik.transcoder.Transcoder
import org.apache.batik.transcoder.TranscoderInput
import org.apache.batik.transcoder.TranscoderOutput
import org.apache.batik.transcoder.image.ImageTranscoder
import org.apache.batik.transcoder.image.PNGTranscoder
import org.apache.fop.svg.PDFTranscoder
import org.cellweave.dsl.session.Settings
import org.cellweave.dsl.session.FigureStyle
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
    val ENDINGS = FigureStyle.FORMATS
    private const val LAST_OF_LATIN_1 = '\u00ff'

    /** Neither Lets-Plot nor Batik nor FOP may be entered by two threads at once: they share fonts and caches. */
    private val drawing = ReentrantLock()

    fun svg(spec: Spec, width: Int, height: Int): String = SvgText.tidied(raw(spec), width, height, ground())

    /** As the library draws it. */
    fun raw(spec: Spec): String =
        drawing.withLock {
            PlotSvgExportCommon.buildSvgImageFromRawSpecs(ShownText.cleaned(spec), null, RGBEncoderAwt(), false)
        }

    /** Colour behind everything, or null for none. */
    private fun ground(): String? = if (Settings.figures.transparent) null else Settings.figures.facecolor ?: "#ffffff"

    /** @param scale pixels of the picture per pixel of the figure */
    fun png(svg: String, width: Int, scale: Double, out: OutputStream) {
        val transcoder = PNGTranscoder()
        transcoder.addTranscodingHint(SVGAbstractTranscoder.KEY_WIDTH, (scale * width).toFloat())
        ground()?.let {
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
        drawing.withLock { transcoder.transcode(TranscoderInput(StringReader(svg)), TranscoderOutput(out)) }
    }

    /** Makes the folder and replaces the file as [ReplacedFile] says. */
    fun atomically(target: Path, write: (OutputStream) -> Unit) {
        Files.createDirectories(target.toAbsolutePath().parent)
        ReplacedFile.write(target) { write(it) }
    }
}

/** Makes Lets-Plot's SVG small and the same at every call. */
internal object SvgText {
    private val ID = Regex("id=\"([A-Za-z][A-Za-z0-9]{6})\"")
    private val ROOT = Regex("<svg [^>]*>")

    private val SIZE = Regex(" width=\"\\d+\" height=\"\\d+\" viewBox=")

    /** The same picture with another width and height. */
    fun resized(svg: String, width: Int, height: Int): String =
        SIZE.replaceFirst(svg, " width=\"$width\" height=\"$height\" viewBox=")

    /** Identifiers in order of appearance, three decimals, no blank lines, a white ground and a view box. */
    fun tidied(svg: String, width: Int, height: Int, ground: String?): String {
        val body = StringBuilder(svg.length / 2)
        compact(svg, body)
        var text = body.toString()
        val ids = ID
            .findAll(text)
            .map { it.groupValues[1] }
            .distinct()
            .toList()
        if (ids.isNotEmpty()) {
            val order = ids.withIndex().associate { it.value to "f" + it.index }
            text = Regex("(?<=[\"#])(" + ids.joinToString("|") + ")(?=[\") ])").replace(text) {
                order.getValue(it.value)
            }
        }
        val root =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" " +
                "class=\"plt-container\" width=\"$width\" height=\"$height\" viewBox=\"0 0 $width $height\">" +
                (ground?.let { "\n<rect width=\"$width\" height=\"$height\" fill=\"$it\"/>" } ?: "")
        return ROOT.replaceFirst(text, Regex.escapeReplacement(root))
    }

    private const val NO_STROKE = " stroke-opacity=\"0.0\" stroke-width=\"0.0\""

    private fun compact(svg: String, out: StringBuilder) {
        for (line in svg.lineSequence()) {
            val s = line.trim()
            if (s.isEmpty()) {
                continue
            }
            if (s.startsWith("<image") || !s.startsWith("<")) {
                out.append(s).append('\n')
                continue
            }
            shortNumbers(if (s.startsWith("<circle")) plainCircle(s) else s, out)
            out.append('\n')
        }
    }

    /** A circle without an outline needs no word about it. */
    private fun plainCircle(s: String): String {
        val at = s.indexOf(NO_STROKE)
        if (at < 0) {
            return s
        }
        val from = s.lastIndexOf(" stroke=", at)
        return if (from < 0) s else s.removeRange(from, at + NO_STROKE.length)
    }

    /** Cuts decimals inside tags; the text between them stays as it is. */
    private fun shortNumbers(s: String, out: StringBuilder) {
        var inTag = false
        var i = 0
        while (i < s.length) {
            val c = s[i]
            if (c == '<') inTag = true
            if (c == '>') inTag = false
            if (inTag && c == '.' && i > 0 && s[i - 1].isDigit()) {
                var end = i + 1
                while (end < s.length && s[end].isDigit()) end++
                if (end - i > 4 && (end >= s.length || s[end] != 'E')) {
                    var start = i
                    while (start > 0 && s[start - 1].isDigit()) start--
                    out.setLength(out.length - (i - start))
                    val number = Math.round(s.substring(start, end).toDouble() * 1000)
                    out.append(number / 1000)
                    val rest = (number % 1000).toInt()
                    if (rest != 0) {
                        out.append('.').append(rest.toString().padStart(3, '0').trimEnd('0'))
                    }
                    i = end
                    continue
                }
            }
            out.append(c)
            i++
        }
    }
}
