package org.cellweave.dsl

import org.cellweave.data.MuData
import org.cellweave.design.Categories
import org.cellweave.integrate.FeatureBlock
import org.cellweave.integrate.IntegrationInput
import org.cellweave.integrate.MosaicParts
import org.cellweave.matrix.DType
import org.cellweave.matrix.RowStack

/**
 * What a factorisation of a mosaic reads.
 *
 * @property rows of `var`, by the names that features have in the result
 */
internal class FactorInput(val input: IntegrationInput, val rows: Map<String, IntArray>)

/** Name of the block of features that links make one. */
private const val LINKED = "linked"

/**
 * The blocks as they are; with [links] the linked features of both modalities as one block that every cell has, of cells
 * with both modalities the first one's values. A feature goes with the first link that names it.
 *
 * @param ownFeatures keeps features that not all sets have
 */
internal fun MuData.factorInput(input: IntegrationInput, links: Any?, ownFeatures: Boolean): FactorInput {
    val places = featureRows()
    if (links == null) {
        return FactorInput(if (ownFeatures) input else input.sharedOnly(), places.mapValues { intArrayOf(it.value) })
    }
    val blocks = input.blocks()
    require(blocks.size == 2) { "links join the features of two modalities, but mdata has ${mod.keys}" }
    val (first, second) = blocks
    val (a, b) = first.features().toList() to second.features().toList()
    val pairs = featurePairs(a, b, links, "mod['${first.name()}']" to "mod['${second.name()}']").once()
    val inFirst = first.cells().toSet()
    val others = second
        .cells()
        .indices
        .filter { second.cells()[it] !in inFirst }
        .toIntArray()
    val linked =
        FeatureBlock(
            LINKED,
            RowStack.vstack(
                listOf(
                    first.x().takeCols(pairs.first).toCsr(),
                    second
                        .x()
                        .takeRows(others)
                        .takeCols(pairs.second)
                        .toCsr(),
                ),
                listOf(null, null),
                pairs.first.size,
                if (first.x().dtype() == second.x().dtype()) first.x().dtype() else DType.FLOAT64,
                0.0,
            ),
            Array(pairs.first.size) { "${a[pairs.first[it]]}|${b[pairs.second[it]]}" },
            intArrayOf(*first.cells(), *IntArray(others.size) { second.cells()[others[it]] }),
        )
    val rows = HashMap<String, IntArray>()
    linked.features().forEachIndexed { i, name ->
        rows["$LINKED: $name"] =
            intArrayOf(
                places.getValue("${first.name()}: ${a[pairs.first[i]]}"),
                places.getValue("${second.name()}: ${b[pairs.second[i]]}"),
            )
    }
    val rest = listOf(first.without(pairs.first), second.without(pairs.second)).filter { it.x().nCols() > 0 }
    val read = listOf(linked) + if (ownFeatures) rest else emptyList()
    val batches = listOf(input.batches().first().apart(linked.cells().take(first.cells().size).toSet(), input))
    return FactorInput(IntegrationInput(read, batches, input.kept()), rows)
}

/** A batch is two sets where some of its cells have linked values of one modality and some of the other. */
private fun Categories.apart(ofFirst: Set<Int>, input: IntegrationInput): Categories {
    val (first, second) = input.blocks().map { it.name() }
    val mixed = members().map { cells -> cells.any { it in ofFirst } && cells.any { it !in ofFirst } }
    val names = List(nCells()) {
        if (mixed[code(it)]) "${level(code(it))} (${if (it in ofFirst) first else second})" else level(code(it))
    }
    val levels = (0 until nLevels()).flatMap { level ->
        if (mixed[level]) listOf(first, second).map { "${level(level)} ($it)" } else listOf(level(level))
    }
    val place = levels.withIndex().associate { (code, name) -> name to code }
    return Categories(name(), IntArray(nCells()) { place.getValue(names[it]) }, levels.toTypedArray())
}

private fun MuData.featureRows(): Map<String, Int> =
    mod
        .asMap()
        .flatMap { (name, adata) ->
            val at = varmap.getValue(name)
            val ofFeature = IntArray(adata.nVars)
            at.forEachIndexed { row, feature -> if (feature > 0) ofFeature[feature - 1] = row }
            adata.varNames.mapIndexed { j, feature -> "$name: $feature" to ofFeature[j] }
        }.toMap()

/** Without the features that some part lacks. */
private fun IntegrationInput.sharedOnly(): IntegrationInput {
    val shared = MosaicParts.of(this, "inmf").map { it.features().toSet() }.reduce { a, b -> a intersect b }
    val kept = blocks().map { block ->
        val names = block.features()
        block.without(names.indices.filter { "${block.name()}: ${names[it]}" !in shared }.toIntArray())
    }
    return IntegrationInput(kept.filter { it.x().nCols() > 0 }.ifEmpty { blocks() }, batches(), this.kept())
}

private fun FeatureBlock.without(columns: IntArray): FeatureBlock {
    val dropped = columns.toSet()
    val left = features().indices.filter { it !in dropped }.toIntArray()
    return FeatureBlock(name(), x().takeCols(left), Array(left.size) { features()[left[it]] }, cells())
}

/** Each feature in its first link alone. */
private fun FeaturePairs.once(): FeaturePairs {
    val (seenFirst, seenSecond) = HashSet<Int>() to HashSet<Int>()
    val kept = first.indices.filter { i ->
        val isNew = first[i] !in seenFirst && second[i] !in seenSecond
        if (isNew) {
            seenFirst += first[i]
            seenSecond += second[i]
        }
        isNew
    }
    return FeaturePairs(IntArray(kept.size) { first[kept[it]] }, IntArray(kept.size) { second[kept[it]] })
}
