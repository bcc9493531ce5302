package org.cellweave.testing

import java.io.ByteArrayOutputStream
import java.io.PrintStream

/** What a piece of code prints. */
object Captured {
    fun standardError(body: () -> Unit): String {
        val before = System.err
        val buffer = ByteArrayOutputStream()
        System.setErr(PrintStream(buffer, true))
        try {
            body()
        } finally {
            System.setErr(before)
        }
        return buffer.toString()
    }
}
