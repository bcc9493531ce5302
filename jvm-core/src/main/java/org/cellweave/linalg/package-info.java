/**
 * Dense linear algebra on OpenBLAS and LAPACK, leading eigenpairs by ARPACK, and what those lack:
 * L-BFGS, Fourier transforms of many columns in float32, and exponentials of whole rows. The only
 * room that sees OpenBLAS.
 */
package org.cellweave.linalg;
