"""New business (契约): from application to receipt of the contract."""
