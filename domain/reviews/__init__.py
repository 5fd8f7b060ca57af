"""What buyers say of products, once staff have looked at it."""
