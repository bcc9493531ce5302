// data: labelled
model.getLikelihoodParameters().keys
