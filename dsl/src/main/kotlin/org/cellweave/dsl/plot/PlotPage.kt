package org.cellweave.dsl.plot

import org.jetbrains.letsPlot.commons.intern.json.JsonSupport
import java.security.MessageDigest
import java.util.Base64

/**
 * Pages that show a figure and ask the network for nothing.
 *
 * A page shows the figure as SVG. Where the plot script is installed (see [PlotScript]) the page carries it and swaps
 * the still figure for one with hover text and zoom. Its content security policy lets no address be reached and no
 * other script run.
 */
public object PlotPage {
    /** A specification as SVG, as the library draws it. */
    public fun svg(spec: Map<String, Any>): String = FigureWriter.raw(spec)

    /**
     * A specification as script text.
     *
     * No name in it can end the script or begin markup: angle brackets and ampersands are written as escapes, and an
     * invisible word joiner parts what the plot script would read as a link or a formula.
     */
    public fun json(spec: Map<String, Any>): String {
        val shown = ShownText.mapped(forScript(ShownText.cleaned(spec)), ::plain)
        return escaped(JsonSupport.formatJson(shown))
    }

    /**
     * The specification as the script reads it: margins are lists, where the library names their sides. Points, which
     * have no hover text in a still figure, get the value that colours them.
     */
    public fun forScript(spec: Map<String, Any>): Map<String, Any> =
        spec.mapValues { (_, value) -> converted(value) }

    private fun converted(value: Any): Any =
        when {
            value is Map<*, *> && value.isNotEmpty() && SIDES.containsAll(value.keys) -> SIDES.map { value[it] ?: 0 }
            value is Map<*, *> -> withHoverText(value.mapValues { (_, inner) -> inner?.let(::converted) })
            value is List<*> && value.any { it is Map<*, *> } -> value.map { it?.let(::converted) }
            else -> value
        }

    private fun withHoverText(map: Map<*, *>): Map<*, *> {
        val color = (map["mapping"] as? Map<*, *>)?.get("color")
        if (map["geom"] != "point" || map["tooltips"] != "none" || color == null) return map
        return map + ("tooltips" to mapOf("lines" to listOf("@$color")))
    }

    private fun plain(text: String): String =
        if ('<' in text || '\\' in text) MARKUP.replace(text) { it.value + WORD_JOINER } else text

    /** Escapes inside strings; line ends between them are not needed. */
    private fun escaped(json: String): String =
        buildString(json.length + json.length / 16) {
            var inText = false
            var afterBackslash = false
            for (c in json) {
                if (c == '"' && !afterBackslash) inText = !inText
                afterBackslash = c == '\\' && !afterBackslash
                when {
                    c >= ' ' && c !in SPECIAL -> append(c)
                    inText -> append("\\u%04x".format(c.code))
                }
            }
        }

    /** Data as script text, which can neither end the script nor begin markup. */
    internal fun scriptText(data: Map<String, Any>): String = escaped(JsonSupport.formatJson(data))

    /** A page of [body] and a script of ours that finds [data] in the element of that name. */
    internal fun withScript(title: String, body: String, data: Map<String, Any>, script: String): String {
        val out = opened(title, "'${hash(script)}'", "")
        out.append(body).append("\n<script type=\"application/json\" id=\"data\">").append(scriptText(data))
        return out
            .append("</script>\n<script>")
            .append(script)
            .append("</script>\n</body>\n</html>\n")
            .toString()
    }

    internal fun of(title: String, svg: String, spec: Spec, script: String? = PlotScript.packed): String {
        val scripts = if (script == null) "'none'" else "'${hash(LOADER)}' 'unsafe-eval'"
        val out = opened(title, scripts, "<style>svg { max-width: 100%; height: auto; }</style>\n")
        out.append("<div id=\"figure\">\n").append(svg).append("</div>\n")
        if (script != null) {
            out.append("<script type=\"application/json\" id=\"spec\">").append(json(spec)).append("</script>\n")
            out.append("<script type=\"text/plain\" id=\"plot-script\">").append(script).append("</script>\n")
            out.append("<script>").append(LOADER).append("</script>\n")
        }
        return out.append("</body>\n</html>\n").toString()
    }

    /** A page up to its body, in which [scripts] alone may run. */
    private fun opened(title: String, scripts: String, head: String): StringBuilder {
        val shown = ShownText
            .of(title)
            .replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
        val policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; " +
            "form-action 'none'; script-src $scripts"
        val out = StringBuilder()
        out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        out.append("<meta http-equiv=\"Content-Security-Policy\" content=\"$policy\">\n<title>$shown</title>\n")
        return out.append(head).append("</head>\n<body>\n")
    }

    private fun hash(text: String) =
        "sha256-" + Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(text.toByteArray()))

    private val SIDES = listOf("t", "r", "b", "l")

    /** Where a link, another element or a formula would begin. */
    private val MARKUP = Regex("<(?=[A-Za-z/!])|\\\\(?=[(\\[])")
    private const val WORD_JOINER = "\u2060"
    private const val SPECIAL = "<>&\u2028\u2029"

    /**
     * A function of JavaScript: the plot script, as [PlotScript.packed] has it, to a promise of what draws.
     *
     * Scripts of a page such as RequireJS define `define`, which the plot script would take for its loader.
     */
    public val UNPACK: String =
        """
        async base64 => {
          const packed = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
          const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
          const code = await new Response(stream).text();
          const holder = {};
          const found = "\nthis.LetsPlot = typeof LetsPlot === 'undefined' ? self.LetsPlot : LetsPlot;";
          new Function("define", "module", "exports", code + found).call(holder);
          return holder.LetsPlot;
        }
        """.trimIndent()

    /**
     * A function of JavaScript that draws a specification with what [UNPACK] gives into an element of the page.
     *
     * Of several panels each would be squeezed by itself, so that the whole is drawn in full and scaled; the plot script
     * takes the whole's size from its options alone.
     */
    public val DRAW: String =
        """
        (letsPlot, spec, place) => {
          const drawn = place.appendChild(document.createElement("div"));
          const isBunch = spec.kind !== "plot";
          letsPlot.buildPlotFromRawSpecs(spec, drawn, isBunch
            ? {width_mode: "FIXED", height_mode: "FIXED", ...spec.ggsize}
            : {width_mode: "MIN", height_mode: "SCALED"});
          const page = place.clientWidth, width = drawn.scrollWidth;
          if (!isBunch || page === 0 || width <= page) return;
          Object.assign(drawn.style, {width: width + "px", zoom: page / width});
        }
        """.trimIndent()

    private val LOADER =
        """
        |(async () => {
        |  const text = id => document.getElementById(id).textContent;
        |  const letsPlot = await ($UNPACK)(text("plot-script"));
        |  const still = document.getElementById("figure");
        |  const place = document.createElement("div");
        |  still.before(place);
        |  ($DRAW)(letsPlot, JSON.parse(text("spec")), place);
        |  if (place.querySelector("svg")) still.hidden = true; else place.remove();
        |})().catch(e => console.warn("the figure stays as it is: " + e));
        """.trimMargin()
}
