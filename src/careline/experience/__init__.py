"""The relationship beyond single talks: what customers are asked, and what they say of us."""
