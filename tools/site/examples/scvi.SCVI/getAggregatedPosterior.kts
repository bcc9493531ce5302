// data: trained
model.getAggregatedPosterior()
