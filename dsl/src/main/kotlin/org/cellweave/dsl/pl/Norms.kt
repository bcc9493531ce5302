package org.cellweave.dsl

/** See [org.cellweave.dsl.plot.Norm]: how numbers become colours, as in matplotlib. */
public typealias Norm = org.cellweave.dsl.plot.Norm

/** See [org.cellweave.dsl.plot.Normalize]: colours in proportion to values. */
public typealias Normalize = org.cellweave.dsl.plot.Normalize

/** See [org.cellweave.dsl.plot.LogNorm]: colours in proportion to logarithms. */
public typealias LogNorm = org.cellweave.dsl.plot.LogNorm

/** See [org.cellweave.dsl.plot.PowerNorm]: colours in proportion to a power. */
public typealias PowerNorm = org.cellweave.dsl.plot.PowerNorm

/** See [org.cellweave.dsl.plot.TwoSlopeNorm]: two straight halves that meet in the middle colour. */
public typealias TwoSlopeNorm = org.cellweave.dsl.plot.TwoSlopeNorm
