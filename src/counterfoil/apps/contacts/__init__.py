"""The contact log (联系记录): every call, visit, letter and message with a party, in a case or outside any."""
