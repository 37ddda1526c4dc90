// The page inside the program: the screen on the real host.
import { mount } from 'svelte';
import './styles/tokens.css';
import './styles/base.css';
import './styles/tones.css';
import './styles/marks.css';
import './styles/buttons.css';
import './styles/fields.css';
import { tauriHost } from './host';
import App from './parts/App.svelte';
import { Screen } from './screen.svelte';
import { keepUnit } from './unit';

keepUnit();
mount(App, { target: document.getElementById('app')!, props: { screen: new Screen(tauriHost) } });
