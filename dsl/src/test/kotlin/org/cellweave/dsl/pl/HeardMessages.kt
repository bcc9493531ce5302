package org.cellweave.dsl.pl

import org.cellweave.dsl.session.FrontEnd
import org.cellweave.dsl.session.ProgressDisplay
import org.junit.jupiter.api.extension.AfterEachCallback
import org.junit.jupiter.api.extension.ExtensionContext

/** Keeps what is said after [listen] instead of printing it, until the test ends. */
internal class HeardMessages(private val texts: MutableList<String> = ArrayList()) :
    MutableList<String> by texts,
    AfterEachCallback {
    private val before = FrontEnd.current

    fun listen() {
        FrontEnd.current = object : FrontEnd {
            override fun message(level: Int, text: String) {
                texts += text
            }

            override fun progress(): ProgressDisplay = before.progress()
        }
    }

    override fun afterEach(context: ExtensionContext) {
        FrontEnd.current = before
    }
}
