"""What is done after the commit: the relay fills the queues, workers empty them, the scheduler comes round."""
