// data: linear
val posterior = model.getAggregatedPosterior()
posterior.logProb(model.getLatentRepresentation()).take(3)
