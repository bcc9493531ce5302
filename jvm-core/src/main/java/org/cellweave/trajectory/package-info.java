/** Orders of cells along a process, and maps of how groups of cells hang together. */
package org.cellweave.trajectory;
