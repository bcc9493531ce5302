package org.cellweave.dsl

import org.cellweave.data.AxisIndex
import org.cellweave.data.MuData
import org.cellweave.data.Pull
import org.cellweave.data.Push
import org.cellweave.data.Pull.DEFAULTS as PULL
import org.cellweave.data.Push.DEFAULTS as PUSH

/** Numbers of cells and of features, of all modalities together. */
public val MuData.shape: Pair<Int, Int> get() = nObs to nVars

/**
 * A view of some cells in every modality that has them: a mask, positions, names in a list, a range, or a boolean
 * column. A single text is a modality: `mdata["rna"]`.
 */
public operator fun MuData.get(obs: Any): MuData = select(axisIndex(obs, "obs"), AxisIndex.ALL)

/** A view of some cells and features; [all] keeps an axis whole. */
public operator fun MuData.get(obs: Any, vars: Any): MuData = select(axisIndex(obs, "obs"), axisIndex(vars, "var"))

/** Keeps only these cells in this object and its modalities, as `mu.pp.filter_obs` does. */
public fun MuData.filterObs(obs: Any): Unit = filterObs(axisIndex(obs, "obs"))

/** Keeps only these features in this object and its modalities, as `mu.pp.filter_var` does. */
public fun MuData.filterVar(vars: Any): Unit = filterVar(axisIndex(vars, "var"))

/** Makes names of cells differ where modalities do not share them (axis 1). */
public fun MuData.obsNamesMakeUnique(join: String = "-"): Unit = obsNamesMakeUnique(join)

/**
 * Makes names of features differ: within each modality, and with the modality's name before them when modalities have
 * names in common.
 */
public fun MuData.varNamesMakeUnique(join: String = "-"): Unit = varNamesMakeUnique(join)

/** Copies columns of the modalities' `obs` into `obs`. See [Pull] for what each argument chooses. */
public fun MuData.pullObs(
    columns: List<String>? = null,
    mods: List<String>? = null,
    common: Boolean = PULL.common(),
    joinCommon: Boolean? = null,
    nonunique: Boolean = PULL.nonunique(),
    joinNonunique: Boolean = PULL.joinNonunique(),
    unique: Boolean = PULL.unique(),
    prefixUnique: Boolean = PULL.prefixUnique(),
    drop: Boolean = PULL.drop(),
    onlyDrop: Boolean = PULL.onlyDrop(),
): Unit =
    pullObs(
        Pull(columns, mods, common, joinCommon, nonunique, joinNonunique, unique, prefixUnique, drop, onlyDrop),
    )

/** Copies columns of the modalities' `var` into `var`. See [Pull] for what each argument chooses. */
public fun MuData.pullVar(
    columns: List<String>? = null,
    mods: List<String>? = null,
    common: Boolean = PULL.common(),
    joinCommon: Boolean? = null,
    nonunique: Boolean = PULL.nonunique(),
    joinNonunique: Boolean = PULL.joinNonunique(),
    unique: Boolean = PULL.unique(),
    prefixUnique: Boolean = PULL.prefixUnique(),
    drop: Boolean = PULL.drop(),
    onlyDrop: Boolean = PULL.onlyDrop(),
): Unit =
    pullVar(
        Pull(columns, mods, common, joinCommon, nonunique, joinNonunique, unique, prefixUnique, drop, onlyDrop),
    )

/** Copies columns of `obs` into the modalities' `obs`. See [Push] for what each argument chooses. */
public fun MuData.pushObs(
    columns: List<String>? = null,
    mods: List<String>? = null,
    common: Boolean = PUSH.common(),
    prefixed: Boolean = PUSH.prefixed(),
    drop: Boolean = PUSH.drop(),
    onlyDrop: Boolean = PUSH.onlyDrop(),
): Unit = pushObs(Push(columns, mods, common, prefixed, drop, onlyDrop))

/** Copies columns of `var` into the modalities' `var`. See [Push] for what each argument chooses. */
public fun MuData.pushVar(
    columns: List<String>? = null,
    mods: List<String>? = null,
    common: Boolean = PUSH.common(),
    prefixed: Boolean = PUSH.prefixed(),
    drop: Boolean = PUSH.drop(),
    onlyDrop: Boolean = PUSH.onlyDrop(),
): Unit = pushVar(Push(columns, mods, common, prefixed, drop, onlyDrop))
