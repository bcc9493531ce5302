// data: joint
val posterior = model.getAggregatedPosterior()
posterior.logProb(model.getLatentRepresentation()).take(3)
