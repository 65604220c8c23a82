"""Articles from elsewhere: folders of Markdown and pages of HTML, one by one or in a zip."""
