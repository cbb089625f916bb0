"""What decentralised compute costs against hyperscalers (C2)."""
