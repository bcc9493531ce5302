/** Finds droplets that hold two cells. */
package org.cellweave.doublets;
