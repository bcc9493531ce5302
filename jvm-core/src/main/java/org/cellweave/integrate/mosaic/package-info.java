/**
 * Integration of mosaics: data sets of which each has measured some of the features, so that no
 * block of values covers all cells. {@code MosaicTopology} says which parts share features, {@code
 * StabMap} carries all of them into the space of reference parts.
 */
package org.cellweave.integrate.mosaic;
