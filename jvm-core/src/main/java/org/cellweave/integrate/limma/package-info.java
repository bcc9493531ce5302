/**
 * Removal of batch effects by linear models, as R's limma does it (Ritchie et al. 2015,
 * doi:10.1093/nar/gkv007), written from that paper and compared with results of limma.
 */
package org.cellweave.integrate.limma;
