package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.AxisIndex
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.data.StringColumn
import org.cellweave.io.Excel
import org.cellweave.util.FormatException
import java.nio.file.Path

/** Groups by the beginning of a cell's name, with scanpy's colours. */
private val MOIGNARD_GROUPS =
    linkedMapOf(
        "HF" to "#D7A83E",
        "NP" to "#7AAE5D",
        "PS" to "#497ABC",
        "4SG" to "#AF353A",
        "4SFG" to "#765099",
    )

/** Housekeeping genes that Haghverdi 2016 leaves out. */
private val MOIGNARD_LEFT_OUT = setOf("Eif2b1", "Mrpl19", "Polr2a", "Ubc")

/** Row that Haghverdi 2016 takes as the root of the trajectories. */
private const val MOIGNARD_ROOT = 532L

/**
 * Blood development in early mouse embryos by single-cell qRT-PCR (Moignard 2015, doi 10.1038/nbt.3154): 3,934 cells x
 * 42 genes, normalised dCt values, `obs["exp_groups"]` (head fold, neural plate, primitive streak, and GFP-positive and
 * negative cells of the four-somite stage), `uns["exp_groups_colors"]`, `uns["iroot"]`. The publisher gives no digest;
 * the one of the first download is kept.
 */
public fun Datasets.moignard15(): AnnData =
    moignard15(
        remote(
            "moignard15/nbt.3154-S3.xlsx",
            "https://static-content.springer.com/esm/art%3A10.1038%2Fnbt.3154/MediaObjects/" +
                "41587_2015_BFnbt3154_MOESM4_ESM.xlsx",
            null,
        ),
    )

internal fun moignard15(file: Path): AnnData {
    val all = Excel.read(file, "dCt_values.txt")
    val kept = BooleanArray(all.nVars) { all.varNames[it] !in MOIGNARD_LEFT_OUT }
    val adata = all.select(AxisIndex.ALL, AxisIndex.mask(*kept)).copy()
    val groups = MOIGNARD_GROUPS.keys.toList()
    val names = adata.obsNames
    val codes =
        IntArray(adata.nObs) { i ->
            groups.indexOfFirst { names[i].startsWith(it) }.also {
                if (it < 0) throw FormatException("$file: cell '${names[i]}' begins with none of $groups")
            }
        }
    adata.obs.set("exp_groups", CategoricalColumn(codes, StringColumn.of(*groups.toTypedArray()), false))
    adata.uns["exp_groups_colors"] = NdArray.of(*MOIGNARD_GROUPS.values.toTypedArray())
    adata.uns["iroot"] = MOIGNARD_ROOT
    return adata
}
