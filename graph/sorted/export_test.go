package sorted

// SetShare makes the shares of a graph small.
func (v *View) SetShare(subjects int) { v.share = subjects }
