package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.slots.remedy
import org.cellweave.util.MissingKeyException

/** Where a layout of the graph is in `obsm`. */
internal object GraphLayoutBasis {
    /** @param layout its name; null for the one computed last */
    fun of(adata: AnnData, layout: String?): String {
        val shown = layout ?: lastLayout(adata)
        val plain = "graph_$shown".takeIf { it in adata.obsm.keys && "X_draw_graph_$shown" !in adata.obsm.keys }
        return plain ?: "draw_graph_$shown"
    }

    private fun lastLayout(adata: AnnData): String {
        val remedy = "${remedy("draw_graph", "uns")} Or pass layout."
        val graph = adata.uns["draw_graph"] as? Map<*, *>
            ?: throw MissingKeyException("uns", "draw_graph", adata.uns.keys, remedy)
        val layout = (graph["params"] as? Map<*, *>)?.get("layout")
            ?: throw MissingKeyException("uns['draw_graph']['params']", "layout", graph.keys.map { "$it" }, remedy)
        return layout.toString()
    }
}
