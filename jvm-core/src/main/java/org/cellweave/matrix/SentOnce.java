package org.cellweave.matrix;

import java.io.Serializable;

/** Something large in what tasks need, which goes to every other process once for all of them. */
public interface SentOnce extends Serializable {}
