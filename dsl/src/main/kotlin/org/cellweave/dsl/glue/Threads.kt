package org.cellweave.dsl.glue

import org.cellweave.dsl.session.Settings
import org.cellweave.util.Parallel

/** Runs [body] with this many threads; null for as many as there are by the settings. */
internal fun <T> withThreads(nJobs: Int?, body: () -> T): T {
    val before = Parallel.threads()
    if (nJobs != null) Settings.nJobs = nJobs
    try {
        return body()
    } finally {
        Parallel.threads(before)
    }
}
