// data: labelled
val posterior = model.getAggregatedPosterior()
posterior.logProb(model.getLatentRepresentation()).take(3)
