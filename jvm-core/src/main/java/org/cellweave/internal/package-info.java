/** Inner loops and native bindings; not part of the public interface. */
package org.cellweave.internal;
