/** Checks, errors, progress and deterministic parallel loops shared by every room. */
package org.cellweave.util;
