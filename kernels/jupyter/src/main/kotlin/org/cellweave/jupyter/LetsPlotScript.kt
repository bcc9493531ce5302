package org.cellweave.jupyter

import org.cellweave.dsl.plot.PlotScript

/** Brings the script that draws interactive figures into a page. */
internal object LetsPlotScript {
    /** Loads the script once per page; later figures find the promise of the first. */
    fun loader(): String {
        val packed = checkNotNull(PlotScript.packed) {
            "Lets-Plot's script is not installed, so figures cannot be interactive. " +
                "Run ./cellweave jupyter install with a network; figures without interactive() need nothing."
        }
        return """
            window.cellweaveLetsPlot = window.cellweaveLetsPlot || (async () => {
              const packed = Uint8Array.from(atob("$packed"), c => c.charCodeAt(0));
              const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
              const code = await new Response(stream).text();
              // Page scripts such as RequireJS define `define`, which the library would take for its loader.
              const holder = {};
              const found = "\nthis.LetsPlot = typeof LetsPlot === 'undefined' ? self.LetsPlot : LetsPlot;";
              new Function("define", "module", "exports", code + found).call(holder);
              return holder.LetsPlot;
            })();
            """.trimIndent()
    }
}
