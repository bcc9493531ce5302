// data: trained
model.getLikelihoodParameters().keys
