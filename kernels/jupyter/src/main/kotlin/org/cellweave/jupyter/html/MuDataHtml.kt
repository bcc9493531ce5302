package org.cellweave.jupyter.html

import org.cellweave.data.DataFrame
import org.cellweave.data.MuData

/**
 * Several modalities at a glance: what belongs to all cells, then one part for each modality, which unfolds as an
 * object of its own does. Columns and masks that only show a modality's are left to it.
 */
internal object MuDataHtml {
    fun of(mdata: MuData): String =
        Html.output {
            fold(true, { header(this, mdata) }) {
                AnnDataHtml.annotation(
                    this,
                    mdata.shared,
                    own(mdata.obs, mdata.ownObsKeys()),
                    own(mdata.`var`, mdata.ownVarKeys()),
                )
                mdata.mod.keys.forEach { AnnDataHtml.write(this, mdata.mod.get(it), it, open = false) }
            }
        }

    private fun header(html: Html, mdata: MuData) {
        html.element("span", "cw-title") { text("MuData object: ${mdata.nObs} \u00D7 ${mdata.nVars}") }
        html.raw(" ").element("span", "cw-m") { text("n_obs \u00D7 n_vars") }
        if (mdata.isView) html.element("span", "cw-badge") { text("view") }
        if (mdata.isBacked) html.element("span", "cw-badge") { text("backed") }
        val shared = mapOf(1 to "shared var", -1 to "shared obs and var")[mdata.axis]
        if (shared != null) html.element("span", "cw-badge") { text(shared) }
    }

    private fun own(table: DataFrame, keys: List<String>): DataFrame {
        val out = table.copy()
        (table.keys - keys.toSet()).forEach { out.remove(it) }
        return out
    }
}
